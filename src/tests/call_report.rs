//! 呼叫统计: the numbers of call reports, worked out by hand over told calls; how they add up over random ones; what is seen, by
//! whom, and what stands in files.

mod hall;
mod random;
mod told;
mod worked;
