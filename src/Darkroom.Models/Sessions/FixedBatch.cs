namespace Darkroom.Models.Sessions;

/// <summary>
/// Calls of a graph that may take one number of rows alone: they are made in groups of so many, and a group that is not full is filled up with copies of
/// its last row, whose answers nobody reads.
/// </summary>
/// <param name="port">An input with a row for each of the call's.</param>
internal readonly struct FixedBatch(GraphPort port)
{
    private readonly int size = port.Rank > 0 && port.Shape[0] > 0 ? port.Shape[0] : 0;

    /// <summary>Whether a call of so many rows goes as it is.</summary>
    public bool Takes(int rows) => size == 0 || size == rows;

    /// <summary>Full groups of rows.</summary>
    /// <param name="rows">Those of the call.</param>
    /// <param name="fill">The row that fills up, made of the last one.</param>
    public IEnumerable<(T[] Group, int Rows)> Groups<T>(IReadOnlyList<T> rows, Func<T, T> fill)
    {
        for (int start = 0; start < rows.Count; start += size)
        {
            int count = Math.Min(size, rows.Count - start);
            var group = new T[size];
            for (int i = 0; i < size; i++) group[i] = i < count ? rows[start + i] : fill(rows[start + count - 1]);
            yield return (group, count);
        }
    }

    /// <summary>Answers of a call that goes in groups.</summary>
    public IReadOnlyList<TAnswer> Run<T, TAnswer>(IReadOnlyList<T> rows, Func<IReadOnlyList<T>, IReadOnlyList<TAnswer>> run) =>
        [.. Groups(rows, static row => row).SelectMany(group => run(group.Group).Take(group.Rows))];
}
