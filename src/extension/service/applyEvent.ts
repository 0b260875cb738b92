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
      return withDemo({ ...view, config: event.status }, event.status.demo);
    case 'notice':
      return { ...view, notices: [...view.notices.filter(({ id }) => id !== event.notice.id), event.notice] };
    case 'routes':
      return { ...view, routes: event.report };
    case 'limits':
      return { ...view, limits: event.limits };
    case 'draining':
      return view;
  }
}

/** A configuration that changed sides takes effect at once in what is said about the demo, and in who gets our token. */
function withDemo(view: ServiceView, demo: boolean | undefined): ServiceView {
  const { state } = view;
  if (state.kind !== 'connected' || demo === undefined || demo === state.workspace.demo) return view;
  return { ...view, state: { ...state, workspace: { ...state.workspace, demo } } };
}
