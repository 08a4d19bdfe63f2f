// KEFU=https://kefu.example.com APPID=… APP_KEY=… node javascript.mjs
import { createHash } from "node:crypto";

const { KEFU: kefu, APPID: appid, APP_KEY: key } = process.env;
const create_time = String(Math.floor(Date.now() / 1000));
const sign = createHash("md5").update(appid + create_time + key).digest("hex");
const got = await fetch(`${kefu}/api/get_token?${new URLSearchParams({ appid, create_time, sign })}`);
const { token } = (await got.json()).item;

const answer = await fetch(`${kefu}/api/crm/5/user/get_user_by_partnerid?partnerid=shop-1001`, { headers: { token } });
console.log(JSON.stringify(await answer.json()));
