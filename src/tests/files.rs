//! Files in the store (D16, F36).

use crate::tests::app::TestApp;
use bytes::Bytes;
use kernel::{rng, store};
use object_store::ObjectStoreExt;
use object_store::path::Path;

#[tokio::test]
async fn half_a_file_is_written_again() {
    let test = TestApp::new().await;
    let ctx = test.system().await;
    let content = Bytes::from_static(b"the whole of it");
    let put = store::put(&ctx, content.clone()).await.expect("stored");
    let hash = rng::hex(&put.sha256);
    let path = Path::from(format!("{}/{}/{hash}", ctx.company, &hash[..2]));
    // What a machine leaves behind that lost its power in the middle.
    test.app.store.put(&path, Bytes::from_static(b"the").into()).await.expect("cut");
    assert!(store::read(&ctx, &put.sha256).await.is_err());
    store::put(&ctx, content.clone()).await.expect("stored again");
    assert_eq!(store::read(&ctx, &put.sha256).await.expect("its bytes"), content);
}
