//! A worker process into one that gets no more of the machine than its share, by what the system knows for that.
//!
//! | | Unix | Windows |
//! |---|---|---|
//! | memory | `RLIMIT_AS` | the job's memory for one process |
//! | a loop | `RLIMIT_CPU` | its files' time alone |
//! | a crash | no core dump | no window that waits for somebody to close it |
//! | the run that started it is killed | the pipe closes; amid a file, it has another parent | the pipe closes, and the job with the run |
//!
//! On Unix a worker limits itself before it reads anything: to do so between fork and exec is `unsafe`. On Windows the
//! run puts it into a job object as soon as it is started, and asks it nothing before: a job held by the worker itself
//! would outlive the run, and one job holds all workers. Elsewhere, or where the system refuses, time and the caps of `read::limits` are all there is.

pub(super) use system::{Bounds, end_with_the_run, limit_oneself, over, processor_time};

#[cfg(unix)]
mod system {
    use std::os::unix::process::parent_id;
    use std::process::{Child, ExitStatus};
    use std::time::Duration;

    use rlimit::Resource;

    use crate::read::Limit;
    use crate::read::limits::{WORKER_BYTES, WORKER_CPU_SECONDS};

    /// Nothing to hold: a worker limits itself.
    pub struct Bounds;

    impl Bounds {
        pub fn new() -> Self {
            Self
        }

        #[allow(clippy::unused_self)]
        pub fn take_in(&self, _: &Child) {}
    }

    /// The soft limits alone: past the hard one of processor time, the system no longer says why it ends a process.
    pub fn limit_oneself() {
        let lower = |what: Resource, most: u64| {
            if let Ok((_, hard)) = what.get() {
                let _ = what.set(most.min(hard), hard);
            }
        };
        lower(Resource::AS, WORKER_BYTES + mapped().unwrap_or(0));
        lower(Resource::CPU, WORKER_CPU_SECONDS);
        lower(Resource::CORE, 0);
    }

    /// How often a worker looks whether its run is still there.
    const LOOK: Duration = Duration::from_millis(500);

    /// Ends this process soon after the one that started it: amid a file no closed pipe tells.
    pub fn end_with_the_run() {
        let run = parent_id();
        let look = move || {
            while parent_id() == run {
                std::thread::sleep(LOOK);
            }
            std::process::exit(1);
        };
        // It needs no room; without it a worker ends with its file.
        let _ = std::thread::Builder::new().stack_size(64 << 10).spawn(look);
    }

    /// Bytes of addresses this process has before it reads anything: most are the program itself, and take no memory.
    fn mapped() -> Option<u64> {
        let status = std::fs::read_to_string("/proc/self/status").ok()?;
        let line = status.lines().find_map(|l| l.strip_prefix("VmSize:"))?;
        let kilobytes: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
        Some(kilobytes << 10)
    }

    /// How long a process has had a processor, where the system tells.
    pub fn processor_time(process: &Child) -> Option<Duration> {
        // Of a second; it is the same on every Linux.
        const TICKS: u64 = 100;
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", process.id())).ok()?;
        // The program's name in brackets may hold blanks; what follows it does not.
        let mut behind = stat.rsplit_once(')')?.1.split_whitespace().skip(11);
        let (user, system): (u64, u64) = (behind.next()?.parse().ok()?, behind.next()?.parse().ok()?);
        Some(Duration::from_millis((user + system) * 1_000 / TICKS))
    }

    /// Where memory is not to be had, the program aborts itself: SIGABRT.
    const ABORTED: i32 = 6;
    /// SIGXCPU: the processor seconds are used up.
    const OUT_OF_TIME: i32 = 24;

    /// Which limit ended a process.
    pub fn over(status: ExitStatus) -> Option<Limit> {
        match std::os::unix::process::ExitStatusExt::signal(&status)? {
            ABORTED => Some(Limit::Memory),
            OUT_OF_TIME => Some(Limit::Time),
            _ => None,
        }
    }
}

#[cfg(windows)]
mod system {
    use std::os::windows::io::AsRawHandle;
    use std::process::{Child, ExitStatus};
    use std::time::Duration;

    use win32job::{ExtendedLimitInfo, Job};

    use crate::read::Limit;
    use crate::read::limits::WORKER_BYTES;

    /// What a worker has committed before it reads anything: the forms, its stacks.
    const OWN_BYTES: u64 = 32 << 20;

    /// The job that all workers of a run are put into; it ends them when this process does, however that comes.
    pub struct Bounds(Option<Job>);

    impl Bounds {
        pub fn new() -> Self {
            Self(Job::create_with_limit_info(&mut limits()).ok())
        }

        /// To be called before the process is asked anything.
        pub fn take_in(&self, process: &Child) {
            if let Some(job) = &self.0 {
                let _ = job.assign_process(process.as_raw_handle() as _);
            }
        }
    }

    fn limits() -> ExtendedLimitInfo {
        // As winnt.h has them.
        const PROCESS_MEMORY: u32 = 0x100;
        const DIE_ON_UNHANDLED_EXCEPTION: u32 = 0x400;
        let mut info = ExtendedLimitInfo::new();
        info.limit_kill_on_job_close();
        info.0.ProcessMemoryLimit = usize::try_from(WORKER_BYTES + OWN_BYTES).unwrap_or(usize::MAX);
        info.0.BasicLimitInformation.LimitFlags |= PROCESS_MEMORY | DIE_ON_UNHANDLED_EXCEPTION;
        info
    }

    pub fn limit_oneself() {}

    pub fn end_with_the_run() {}

    pub fn processor_time(_: &Child) -> Option<Duration> {
        None
    }

    /// How Rust aborts where memory is not to be had (a fast fail, reported as STATUS_STACK_BUFFER_OVERRUN), and what
    /// the system itself says of it: STATUS_NO_MEMORY, STATUS_COMMITMENT_LIMIT, STATUS_STACK_OVERFLOW.
    const NO_MEMORY: [u32; 4] = [0xC000_0409, 0xC000_0017, 0xC000_012D, 0xC000_00FD];

    /// Which limit ended a process.
    pub fn over(status: ExitStatus) -> Option<Limit> {
        let code = status.code()? as u32;
        NO_MEMORY.contains(&code).then_some(Limit::Memory)
    }
}

#[cfg(not(any(unix, windows)))]
mod system {
    use std::process::{Child, ExitStatus};
    use std::time::Duration;

    use crate::read::Limit;

    pub struct Bounds;

    impl Bounds {
        pub fn new() -> Self {
            Self
        }

        pub fn take_in(&self, _: &Child) {}
    }

    pub fn limit_oneself() {}

    pub fn end_with_the_run() {}

    pub fn processor_time(_: &Child) -> Option<Duration> {
        None
    }

    pub fn over(_: ExitStatus) -> Option<Limit> {
        None
    }
}
