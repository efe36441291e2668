namespace Darkroom.Models.Sessions;

/// <summary>
/// Calls of a graph that may take one number of rows alone: they are made in groups of so many, and a group that is not full is filled up with copies of
/// its last row, whose answers nobody reads.
/// </summary>
internal readonly struct FixedBatch
{
    private readonly int size; // 0: any

    /// <param name="port">An input with a row for each of the call's.</param>
    public FixedBatch(GraphPort port) => size = port.Rank > 0 && port.Shape[0] > 0 ? port.Shape[0] : 0;

    /// <summary>
    /// For pictures as they are, or are to be. On a CPU each has a call of its own: ONNX Runtime sums the convolutions of one picture in other blocks than
    /// those of several, and a picture would depend in its last digits on who is decoded with it. Little is gained by sharing there: a picture has work
    /// enough for all cores.
    /// </summary>
    /// <param name="graph">A graph whose first input has a row for each picture.</param>
    public static FixedBatch OfPictures(OnnxGraph graph) =>
        new FixedBatch(graph.Inputs[0]) is { size: > 0 } given ? given : new FixedBatch(graph.IsOnCpu ? 1 : 0);

    /// <summary>For rows whose answers must not depend on who shares their call.</summary>
    /// <param name="graph">Their graph.</param>
    /// <param name="port">Its input with a row for each of the call's.</param>
    public static FixedBatch OfRows(OnnxGraph graph, GraphPort port) =>
        new FixedBatch(port) is { size: > 0 } given ? given : new FixedBatch(graph.NeedsRowsAlone ? 1 : 0);

    private FixedBatch(int size) => this.size = size;

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
