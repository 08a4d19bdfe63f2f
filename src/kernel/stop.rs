//! A flag that many tasks can wait for.

use tokio::sync::watch;

/// 停止信号: raised once, never lowered.
#[derive(Clone, Debug)]
pub struct Stop(watch::Sender<bool>);

impl Default for Stop {
    fn default() -> Self {
        Stop(watch::channel(false).0)
    }
}

impl Stop {
    /// Raises it.
    pub fn raise(&self) {
        self.0.send_replace(true);
    }

    /// Whether it is raised.
    #[must_use]
    pub fn is_raised(&self) -> bool {
        *self.0.borrow()
    }

    /// Waits until it is raised.
    pub async fn raised(&self) {
        let mut receiver = self.0.subscribe();
        let _ = receiver.wait_for(|raised| *raised).await;
    }
}
