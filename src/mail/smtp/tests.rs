//! Conversations with a server that answers as it is told.

use super::{Letter, Outcome, STEP, converse, envelope};
use lettre::transport::smtp::client::AsyncSmtpConnection;
use lettre::transport::smtp::extension::ClientId;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpListener;

/// Recipients the server took before it took the mail; none when it did not come to that.
type Taken = Vec<String>;

/// Sends a mail to these; the server answers to some recipients with a code of their own.
async fn send(recipients: &[&str], answers: &'static [(&str, &str)], attempt: i32) -> (Outcome, Taken) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let place = listener.local_addr().unwrap();
    let server = tokio::spawn(async move {
        let (read, mut write) = listener.accept().await.unwrap().0.into_split();
        let mut lines = BufReader::new(read).lines();
        write.write_all(b"220 hi\r\n").await.unwrap();
        let (mut asked, mut taken, mut is_data) = (Vec::new(), Vec::new(), false);
        while let Ok(Some(line)) = lines.next_line().await {
            let answer = match line.as_str() {
                "." => {
                    is_data = false;
                    taken = asked.clone();
                    "250 taken"
                }
                _ if is_data => continue,
                "DATA" => {
                    is_data = true;
                    "354 go on"
                }
                line => match line.strip_prefix("RCPT TO:<").and_then(|rest| rest.strip_suffix('>')) {
                    Some(name) => answers.iter().find(|(known, _)| *known == name).map_or_else(
                        || {
                            asked.push(name.to_owned());
                            "250 yes"
                        },
                        |(_, answer)| answer,
                    ),
                    None => "250 yes",
                },
            };
            if write.write_all(format!("{answer}\r\n").as_bytes()).await.is_err() {
                break;
            }
        }
        taken
    });
    let hello = ClientId::Domain("kefu.example".to_owned());
    let mut connection = AsyncSmtpConnection::connect_tokio1(place, Some(STEP), &hello, None, None).await.unwrap();
    let recipients: Vec<String> = recipients.iter().map(|&name| name.to_owned()).collect();
    let letter = Letter { from: "desk@shop.example", recipients: &recipients, attempt, raw: b"Subject: x\r\n\r\nx\r\n" };
    let outcome = match envelope(&letter) {
        Ok(envelope) => converse(&mut connection, envelope, letter).await,
        Err(outcome) => outcome,
    };
    connection.abort().await;
    drop(connection);
    (outcome, server.await.unwrap())
}

const HE: &str = "he@a.example";
const BOSS: &str = "boss@a.example";

#[tokio::test]
async fn one_bad_cc_does_not_keep_the_mail_from_the_customer() {
    const GONE: (&str, &str) = ("gone@a.example", "550 no such user");
    let (outcome, taken) = send(&[HE, GONE.0, "not an address", BOSS], &[GONE], 1).await;
    assert_eq!(taken, [HE, BOSS]);
    let Outcome::Sent(Some(words)) = outcome else { panic!("{outcome:?}") };
    for word in ["gone@a.example", "no such user", "not an address"] {
        assert!(words.contains(word), "{words}");
    }
    assert_eq!(send(&[HE, BOSS], &[], 1).await.0, Outcome::Sent(None));
    // Who cannot be written in ASCII is left out by a server that knows nothing else.
    let (outcome, taken) = send(&[HE, "客服@a.example"], &[], 1).await;
    assert!(matches!(outcome, Outcome::Sent(Some(words)) if words.contains("ASCII")));
    assert_eq!(taken, [HE]);
}

#[tokio::test]
async fn without_the_customer_nobody_gets_it() {
    let (outcome, taken) = send(&[HE, BOSS], &[(HE, "550 no such user")], 1).await;
    assert!(matches!(outcome, Outcome::Refused(_)) && taken.is_empty());
    let (outcome, taken) = send(&[HE, BOSS], &[(HE, "451 come again")], 9).await;
    assert!(matches!(outcome, Outcome::Later(_)) && taken.is_empty());
}

#[tokio::test]
async fn a_greylist_is_waited_for_but_not_for_ever() {
    for (attempt, is_sent) in [(1, false), (3, false), (4, true)] {
        let (outcome, taken) = send(&[HE, BOSS], &[(BOSS, "451 come again")], attempt).await;
        assert_eq!(matches!(outcome, Outcome::Sent(Some(_))), is_sent, "{attempt}: {outcome:?}");
        assert_eq!(matches!(outcome, Outcome::Later(_)), !is_sent, "{attempt}: {outcome:?}");
        assert_eq!(taken.len(), usize::from(is_sent));
    }
}
