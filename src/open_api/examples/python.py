# KEFU=https://kefu.example.com APPID=… APP_KEY=… python3 python.py
import hashlib, json, os, time, urllib.parse, urllib.request

kefu, appid, app_key = os.environ["KEFU"], os.environ["APPID"], os.environ["APP_KEY"]
create_time = str(int(time.time()))
sign = hashlib.md5((appid + create_time + app_key).encode()).hexdigest()
query = urllib.parse.urlencode({"appid": appid, "create_time": create_time, "sign": sign})
with urllib.request.urlopen(f"{kefu}/api/get_token?{query}") as answer:
    token = json.load(answer)["item"]["token"]

ticket = {"ticket_title": "发票申请", "ticket_content": "请开一张发票。", "partnerid": "shop-1001", "user_nick": "张三"}
request = urllib.request.Request(
    f"{kefu}/api/ws/5/ticket/save_user_ticket",
    data=json.dumps(ticket).encode(),
    headers={"token": token, "Content-Type": "application/json", "Idempotency-Key": "order-20261122-1"},
)
with urllib.request.urlopen(request) as answer:
    print(answer.read().decode())
