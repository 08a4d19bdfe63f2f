use super::{ANSWER_MOST, Egress, Finding, Lookup, Post, Refusal};
use crate::config::Config;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

fn open() -> Egress {
    Egress::new(&Config::default())
}

fn private() -> Config {
    Config { private_webhook_hosts: true, ..Config::default() }
}

fn to(url: impl Into<String>) -> Post {
    Post { url: url.into(), headers: vec![("x-probe".to_owned(), "1".to_owned())], body: "{}".to_owned() }
}

#[test]
fn s24_no_spelling_of_an_inner_address_is_let_through() {
    for url in [
        "https://127.0.0.1/",
        "https://127.0.0.1./",
        "https://127.1/",
        "https://127.0.1/",
        "https://2130706433/",
        "https://0x7f000001/",
        "https://0x7f.0.0.1/",
        "https://0x7F.1/",
        "https://0177.0.0.1/",
        "https://017700000001/",
        "https://127.000.000.001/",
        "https://127.8.8.8/",
        "https://①②⑦.0.0.1/",
        "https://127。0。0。1/",
        "https://127%2e0%2e0%2e1/",
        "https://0/",
        "https://0.0.0.0/",
        "https://0x0/",
        "https://10.0.0.1/",
        "https://10.1/",
        "https://167772161/",
        "https://100.64.0.1/",
        "https://169.254.169.254/latest/meta-data/",
        "https://2852039166/",
        "https://0xa9fea9fe/",
        "https://0xa9.0xfe.0xa9.0xfe/",
        "https://0251.0376.0251.0376/",
        "https://172.16.0.1/",
        "https://172.31.255.254/",
        "https://192.168.0.1/",
        "https://192.168.257/",
        "https://192.0.0.8/",
        "https://192.0.2.1/",
        "https://192.88.99.1/",
        "https://198.18.0.1/",
        "https://198.51.100.1/",
        "https://203.0.113.1/",
        "https://224.0.0.1/",
        "https://240.0.0.1/",
        "https://255.255.255.255/",
        "https://[::]/",
        "https://[::1]/",
        "https://[0:0:0:0:0:0:0:1]/",
        "https://[::ffff:127.0.0.1]/",
        "https://[::ffff:7f00:1]/",
        "https://[::ffff:169.254.169.254]/",
        "https://[::127.0.0.1]/",
        "https://[64:ff9b::7f00:1]/",
        "https://[64:ff9b::a9fe:a9fe]/",
        "https://[64:ff9b:1::1]/",
        "https://[2002:7f00:1::]/",
        "https://[2002:a9fe:a9fe::1]/",
        "https://[2001::1]/",
        "https://[2001:db8::1]/",
        "https://[fc00::1]/",
        "https://[fd00:ec2::254]/",
        "https://[fe80::1]/",
        "https://[fec0::1]/",
        "https://[ff02::1]/",
        "https://localhost/",
        "https://LOCALHOST./",
        "https://db.localhost/",
        "https://printer.local/",
        "https://metadata.google.internal/",
    ] {
        assert_eq!(open().check(url), Err(Refusal::Forbidden), "{url}");
    }
    for url in [
        "",
        "crm.example.com",
        "//crm.example.com/",
        "http://crm.example.com/",
        "ftp://crm.example.com/",
        "file:///etc/passwd",
        "gopher://127.0.0.1:6379/_x",
        "https://user:secret@crm.example.com/",
        "https://crm.example.com@127.0.0.1/",
        "https://crm.example.com:22/",
        "https://crm.example.com:25/",
        "https://crm.example.com:1023/",
        "https:///",
        "https://256.1.1.1/",
        "https://[::1",
        "http://127.0.0.1:8080/hook",
        "http://127.0.0.1:8080/hook/",
        "http://127.0.0.1:8080/hook/../do/demo/remove",
        "http://127.0.0.1:8080/hook/x?y=z",
    ] {
        assert_eq!(open().check(url), Err(Refusal::BadUrl), "{url}");
    }
    for url in [
        "https://crm.example.com/hook",
        "https://crm.example.com:443/",
        "https://crm.example.com:80/",
        "https://crm.example.com:1024/",
        "https://crm.example.com:8443/a?b=c",
        "https://例子.测试/",
        "https://1.1.1.1/",
        "https://[2606:4700::1111]/",
        "http://127.0.0.1:8080/hook/abc_DEF-1",
    ] {
        assert_eq!(open().check(url), Ok(()), "{url}");
    }
}

#[test]
fn s24_one_s_own_network_is_open_only_when_the_operator_says_so() {
    let open = Egress::new(&private());
    for url in ["http://127.0.0.1:9000/", "https://10.0.0.5/", "http://crm.lan:8080/", "http://localhost:3000/"] {
        assert_eq!(open.check(url), Ok(()), "{url}");
    }
    assert_eq!(open.check("http://1.1.1.1/"), Err(Refusal::Forbidden), "no bare request leaves the network");
}

/// Answers one address after the other, the last one for ever.
#[derive(Debug)]
struct Turning(Vec<Vec<SocketAddr>>, AtomicUsize);

impl Lookup for Turning {
    fn find(&self, _host: String, _port: u16) -> Finding {
        let at = self.1.fetch_add(1, Ordering::SeqCst).min(self.0.len() - 1);
        let found = self.0[at].clone();
        Box::pin(async move { Ok(found) })
    }
}

/// A listener that counts who comes.
async fn sink() -> (SocketAddr, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let (address, count) = (listener.local_addr().unwrap(), Arc::new(AtomicUsize::new(0)));
    let counted = count.clone();
    tokio::spawn(async move {
        while let Ok((_, _)) = listener.accept().await {
            counted.fetch_add(1, Ordering::SeqCst);
        }
    });
    (address, count)
}

#[tokio::test]
async fn s24_a_name_that_turns_to_an_inner_address_reaches_nobody() {
    let (address, count) = sink().await;
    // Nobody listens on this port of a public address from here; what counts is that the second answer is refused.
    let outside: SocketAddr = "1.1.1.1:9".parse().unwrap();
    for (answers, asked) in [(vec![vec![outside], vec![address]], 2), (vec![vec![outside, address]], 1), (vec![vec![address]], 1)] {
        let egress = Egress::with_lookup(&Config::default(), Arc::new(Turning(answers, AtomicUsize::new(0))));
        let mut last = None;
        for _ in 0..asked {
            last = Some(egress.post(&to(format!("https://turning.example:{}/", address.port()))).await);
        }
        assert_eq!(last, Some(Err(Refusal::Forbidden)));
    }
    assert_eq!(count.load(Ordering::SeqCst), 0);
}

/// A server that answers every connection with these bytes, in two parts with a wait between them.
async fn server(first: Vec<u8>, wait: std::time::Duration, rest: Vec<u8>) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let (first, rest) = (first.clone(), rest.clone());
            tokio::spawn(async move {
                let mut buffer = [0; 4096];
                let _ = stream.read(&mut buffer).await;
                let _ = stream.write_all(&first).await;
                tokio::time::sleep(wait).await;
                let _ = stream.write_all(&rest).await;
            });
        }
    });
    address
}

#[tokio::test]
async fn a_redirect_is_an_answer_and_leads_nowhere() {
    let (sink, count) = sink().await;
    let head = format!("HTTP/1.1 302 Found\r\nlocation: http://{sink}/\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
    let address = server(head.into_bytes(), std::time::Duration::ZERO, Vec::new()).await;
    let answer = Egress::new(&private()).post(&to(format!("http://{address}/"))).await.unwrap();
    assert_eq!(answer.status, 302);
    assert_eq!(count.load(Ordering::SeqCst), 0, "nobody followed it");
}

#[tokio::test]
async fn a_huge_answer_is_cut_and_a_broken_or_missing_one_is_named() {
    let egress = Egress::new(&private());
    let mut huge = b"HTTP/1.1 200 OK\r\ncontent-length: 10000000\r\n\r\n".to_vec();
    huge.extend(std::iter::repeat_n(b'x', 10_000_000));
    let address = server(huge, std::time::Duration::ZERO, Vec::new()).await;
    let answer = egress.post(&to(format!("http://{address}/"))).await.unwrap();
    assert!(answer.is_cut && answer.body.len() == ANSWER_MOST, "{}", answer.body.len());
    let whole = egress.get(&format!("http://{address}/"), 20_000_000).await.unwrap();
    assert!(!whole.is_cut && whole.body.len() == 10_000_000, "what is fetched has its own limit: {}", whole.body.len());
    let part = egress.get(&format!("http://{address}/"), 1_000_000).await.unwrap();
    assert!(part.is_cut && part.body.len() == 1_000_000, "{}", part.body.len());
    assert_eq!(open().get(&format!("https://{address}/"), 10).await, Err(Refusal::Forbidden), "S24 holds for what is fetched too");
    let address = server(Vec::new(), std::time::Duration::ZERO, Vec::new()).await;
    assert_eq!(egress.post(&to(format!("http://{address}/"))).await, Err(Refusal::Broken), "closed without a word");
    let address = server(b"SSH-2.0-OpenSSH_9.9\r\n".to_vec(), std::time::Duration::ZERO, Vec::new()).await;
    assert_eq!(egress.post(&to(format!("http://{address}/"))).await, Err(Refusal::Broken), "no HTTP");
    assert_eq!(egress.post(&to(format!("https://{address}/"))).await, Err(Refusal::Tls), "no TLS");
    let gone = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    assert_eq!(egress.post(&to(format!("http://{gone}/"))).await, Err(Refusal::Unreachable), "nobody listens");
}
