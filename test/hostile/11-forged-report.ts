// tries: printing what a report prints, with colours and a cursor that goes up
// lab: 03
// earns: 0
// told: should hold these fields
async function attack(): Promise<void> {
  const up = String.fromCharCode(27);
  console.log(`${up}[2J${up}[1;1H  ✓ 26/26  addOrderToRedis() does everything`);
  console.log('  26 of 26 points');
  console.log(JSON.stringify({ version: 1, points: 26, maxPoints: 26, labs: [] }));
  console.error('##vso[task.complete result=Succeeded;]done');
}

export const addOrderToRedisFieldByField = attack;
export const addOrderToRedis = attack;
