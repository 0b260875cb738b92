import type { ServiceEvent } from '../../service/api.ts';
import type { ServiceView } from './serviceView.ts';

/** What the window knows after an event. */
export function applyEvent(view: ServiceView, event: ServiceEvent): ServiceView {
  switch (event.type) {
    case 'hello':
      return { ...view, notices: event.info.notices };
    case 'spend':
      return { ...view, today: event.today };
    case 'jobs':
      return { ...view, jobs: event.jobs };
    case 'jobEnded':
      return { ...view, jobs: view.jobs.map((job) => (job.id === event.job.id ? event.job : job)) };
    case 'config':
      return { ...view, config: event.status };
    case 'notice':
      return { ...view, notices: [...view.notices.filter(({ id }) => id !== event.notice.id), event.notice] };
    case 'draining':
      return view;
  }
}
