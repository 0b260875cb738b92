'use client';

import { Chat } from '@/components/chat';
import { useModels } from './models';
import { models as tollgateModels } from '../tollgateModels';

export function Page() {
  const models = useModels();
  return <Chat model={tollgateModels.cheap} fallbackModel={tollgateModels.cheap} models={models} />;
}
