//! The real program beside the test, over the test's database: started, ended and killed like any other.

use crate::tests::app::TestApp;
use std::fs::File;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;
use tokio::net::TcpListener;

/// The program with its own data folder.
pub struct Program {
    binary: PathBuf,
    pub folder: PathBuf,
    url: String,
    port: u16,
}

/// One line of `kefu mail import`.
pub type Line = serde_json::Value;

impl Program {
    /// The program that was built with this test; without it the test says that it did not run.
    pub async fn beside(test: &TestApp) -> Option<Program> {
        let here = std::env::current_exe().expect("a path");
        let binary = here.parent().and_then(Path::parent).expect("the target folder").join("kefu");
        if !binary.exists() {
            eprintln!("did not run: {} is not built", binary.display());
            return None;
        }
        let folder = std::env::temp_dir().join(format!("kefu-program-{}", kernel::rng::hex(&kernel::rng::bytes::<6>())));
        std::fs::create_dir_all(&folder).expect("a folder");
        let port = TcpListener::bind("127.0.0.1:0").await.expect("a port").local_addr().expect("an address").port();
        Some(Program { binary, folder, url: test.url(), port })
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(&self.binary);
        command
            .args(arguments)
            .env("KEFU_DATABASE_URL", &self.url)
            .env("KEFU_DATA_DIR", &self.folder)
            .env("KEFU_SECRET_KEY", "07".repeat(32))
            .env("KEFU_LISTEN", format!("127.0.0.1:{}", self.port))
            .env("KEFU_LOG", "warn")
            .env("KEFU_PRIVATE_MAIL_HOSTS", "true")
            .stdin(Stdio::null())
            .process_group(0);
        command
    }

    /// Starts it; what it says goes to a file of this name.
    pub fn start(&self, arguments: &[&str], name: &str) -> Running {
        let file = |end: &str| File::create(self.folder.join(format!("{name}.{end}"))).expect("a file");
        let child = self.command(arguments).stdout(file("out")).stderr(file("err")).spawn().expect("it starts");
        Running(child)
    }

    /// Runs a command to its end: its code, what it prints and what it complains of.
    pub fn run(&self, arguments: &[&str]) -> (Option<i32>, String, String) {
        let done = self.command(arguments).output().expect("it runs");
        let text = |bytes| String::from_utf8(bytes).expect("UTF-8");
        (done.status.code(), text(done.stdout), text(done.stderr))
    }

    /// Imports files to the end; the lines it prints.
    pub fn import(&self, files: &[PathBuf]) -> Vec<Line> {
        let mut arguments = vec!["mail", "import", "--company", "测试公司", "--mailbox", super::SERVICE];
        arguments.extend(files.iter().map(|file| file.to_str().expect("a path")));
        let done = self.command(&arguments).output().expect("it runs");
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
        String::from_utf8(done.stdout).expect("UTF-8").lines().map(|line| serde_json::from_str(line).expect("JSON")).collect()
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

/// A program that runs.
pub struct Running(Child);

impl Running {
    /// Kills it without a warning.
    pub fn kill(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }

    /// Whether it has ended by itself.
    pub fn has_ended(&mut self) -> bool {
        self.0.try_wait().expect("its state").is_some()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.kill();
    }
}

/// A while of chance, up to this long.
pub async fn some_time(most: Duration) {
    let [chance] = kernel::rng::bytes::<1>();
    tokio::time::sleep(most * (u32::from(chance) + 1) / 256).await;
}
