import { homeFolder } from './home.ts';
import { keepCompiled } from './keepCompiled.ts';

// The rest is loaded after this, so that it is found compiled.
keepCompiled(homeFolder(process.env, process.platform));
void import('./runService.ts').then(({ runService }) => runService());
