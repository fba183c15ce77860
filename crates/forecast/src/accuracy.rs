//! How good forecasts were, once it is known what came: the figures of the README's tables.
//!
//! One file each for [`point`] forecasts, [`spread`] (quantiles, intervals, whole distributions), [`chance`] and the
//! reference forecast [`naive2`]. Every figure is a plain function of numbers; nothing here knows a model.
//!
//! ```
//! use quarterdeck_forecast::accuracy::{chance, point, spread};
//!
//! // Of 100 and 100 came 90 and 120: misses of 10 and 20, over 9.5 and 11 in the middle of the pairs.
//! assert!((point::smape(&[100.0, 100.0], &[90.0, 120.0]) - 14.354_066_985_6).abs() < 1e-9);
//! // 10 % of what lies above its 90 % quantile is lost.
//! assert_eq!(spread::pinball(0.5, 100.0, 90.0), 5.0);
//! // 70 % were stated, and it came true.
//! assert!((chance::brier(0.7, true) - 0.09).abs() < 1e-12);
//! ```

pub mod chance;
pub mod naive2;
pub mod point;
pub mod spread;
