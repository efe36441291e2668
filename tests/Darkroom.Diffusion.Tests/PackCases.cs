using Darkroom.TestKit;

namespace Darkroom.Diffusion.Tests;

/// <summary>Theory data over a list in a file of the pack in use.</summary>
internal static class PackCases
{
    /// <summary>
    /// One row for each entry of a list. A pack may lack the file or the list: then one skipped row, since xunit 4.0.2 counts a theory without any
    /// rows as failed even under SkipTestWithoutData.
    /// </summary>
    public static IEnumerable<TheoryDataRow<int>> Indices(string folder, string file, string list)
    {
        int count = ConformancePack.Has(folder, file) && ConformancePack.Json(folder, file).TryGetProperty(list, out var entries)
            ? entries.GetArrayLength()
            : 0;
        return count > 0
            ? Enumerable.Range(0, count).Select(i => new TheoryDataRow<int>(i))
            : [new TheoryDataRow<int>(-1) { Skip = $"The pack in use has no {list} in {folder}/{file}." }];
    }
}
