//! Writing results to stdout.

use std::io;

/// A reader that has seen enough (`notspot … | head`) is no failure: a broken pipe counts as success.
pub(super) fn broken_pipe_is_success(result: io::Result<()>) -> io::Result<()> {
    match result {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        other => other,
    }
}
