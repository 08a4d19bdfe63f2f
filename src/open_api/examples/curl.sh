# KEFU=https://kefu.example.com APPID=… APP_KEY=… sh curl.sh
create_time=$(date +%s)
sign=$(printf '%s' "$APPID$create_time$APP_KEY" | md5sum | cut -d ' ' -f 1)
token=$(curl -sS -G "$KEFU/api/get_token" -d "appid=$APPID" -d "create_time=$create_time" -d "sign=$sign" \
    | sed 's/.*"token":"\([^"]*\)".*/\1/')
curl -sS -H "token: $token" "$KEFU/api/ws/5/ticket/query_tickets?create_start_datetime=$(date +%Y-%m-01)&page_size=5"
