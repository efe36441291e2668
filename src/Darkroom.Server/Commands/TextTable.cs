namespace Darkroom.Server.Commands;

/// <summary>Rows of text in columns.</summary>
internal static class TextTable
{
    /// <param name="rows">Each of the same number of cells; the first is the heading.</param>
    public static IEnumerable<string> Lines(string[][] rows)
    {
        var widths = Enumerable.Range(0, rows[0].Length).Select(column => rows.Max(row => row[column].Length)).ToArray();
        return rows.Select(row => string.Join("  ", row.Select((cell, column) => cell.PadRight(widths[column]))).TrimEnd());
    }
}
