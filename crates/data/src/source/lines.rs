//! Which line of which file each row is from, in as few numbers as rows follow each other.

/// Files and lines of rows, in their order.
#[derive(Clone, Debug, Default)]
pub struct Lines {
    /// Where a run of rows on lines that follow each other begins: the row, its file and its line.
    runs: Vec<(usize, u32, u32)>,
    count: usize,
}

impl Lines {
    /// Adds a row.
    pub fn push(&mut self, file: u32, line: u32) {
        let follows = self.runs.last().is_some_and(|(row, last, first)| {
            *last == file && (self.count - row) as u64 + u64::from(*first) == u64::from(line)
        });
        if !follows {
            self.runs.push((self.count, file, line));
        }
        self.count += 1;
    }

    /// How many rows.
    pub fn len(&self) -> usize {
        self.count
    }

    /// The file and line of a row.
    pub fn get(&self, row: usize) -> Option<(u32, u32)> {
        let run = self.runs.partition_point(|(start, ..)| *start <= row).checked_sub(1)?;
        let (start, file, line) = *self.runs.get(run)?;
        (row < self.count).then(|| (file, line + (row - start) as u32))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_keep_their_lines() {
        let mut lines = Lines::default();
        let all = [(0, 2), (0, 3), (0, 5), (1, 2), (1, 3), (1, 3), (2, 4)];
        all.iter().for_each(|(file, line)| lines.push(*file, *line));
        assert_eq!((lines.len(), lines.runs.len()), (7, 5));
        let found: Vec<_> = (0..8).map(|row| lines.get(row)).collect();
        let expect: Vec<_> = all.iter().map(|found| Some(*found)).chain([None]).collect();
        assert_eq!(found, expect);
    }
}
