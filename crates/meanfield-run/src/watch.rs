//! What a computation tells whoever started it, and asks of them.

/// Whoever watches a computation: is told what goes on, and may stop it.
///
/// Every method has a default that does nothing, so that a watcher says only what it
/// wants to know. A run of many threads calls it from all of them.
pub trait Watch: Sync {
    /// Something worth knowing that is no result, a checkpoint that is gone on from say.
    fn note(&self, _text: &str) {}

    /// A stage of the work begins; what is returned is told how much of it is done, and
    /// dropped at its end.
    fn stage(&self, _name: &str) -> Box<dyn Stage + '_> {
        Box::new(Unseen)
    }

    /// Whether to stop: asked at every step. A run that is stopped ends with
    /// [`Failure::is_interruption`](crate::Failure::is_interruption), and leaves what
    /// another one goes on from.
    fn stop(&self) -> bool {
        false
    }

    /// Everything is computed: from now on results are written, and nobody is asked.
    fn finishing(&self) {}
}

/// Progress of one stage of a run.
pub trait Stage: Send + Sync {
    /// The share that is done, from 0 to 1.
    fn set(&self, share: f64);

    /// Starts at a share that was done before: the time left is measured from here on.
    fn begin_at(&self, share: f64) {
        self.set(share);
    }
}

/// Nobody watches.
#[derive(Debug, Clone, Copy, Default)]
pub struct Silent;

impl Watch for Silent {}

/// A stage that nobody sees.
struct Unseen;

impl Stage for Unseen {
    fn set(&self, _share: f64) {}
}

/// A watcher of one of many computations at a time: it is not told of their stages.
pub(crate) struct Beside<'a>(pub(crate) &'a dyn Watch);

impl Watch for Beside<'_> {
    fn note(&self, text: &str) {
        self.0.note(text);
    }

    fn stop(&self) -> bool {
        self.0.stop()
    }
}
