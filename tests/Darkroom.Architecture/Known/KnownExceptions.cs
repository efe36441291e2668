using Darkroom.TestKit;

namespace Darkroom.Architecture.Known;

/// <summary>
/// What still breaks a rule, a line each in a file beside this one. A list must equal what is found, so it can only shrink;
/// a rule without a file has no exceptions.
/// </summary>
internal static class KnownExceptions
{
    /// <summary>Compares what breaks a rule with its list.</summary>
    /// <param name="list">Name of the file, without <c>.txt</c>.</param>
    /// <param name="rule">The rule, as a sentence for who broke it.</param>
    /// <param name="found">What breaks it: the line of the list, and where it is to be seen.</param>
    public static void Compare(string list, string rule, IEnumerable<(string Entry, string Where)> found)
    {
        string path = Path.Combine(Repository.Root, "tests", "Darkroom.Architecture", "Known", list + ".txt");
        HashSet<string> known = File.Exists(path) ? [.. File.ReadAllLines(path).Where(line => line.Length > 0)] : [];
        var all = found.ToLookup(one => one.Entry, one => one.Where);
        string[] more = [.. all.Where(one => !known.Contains(one.Key)).SelectMany(one => one)];
        string[] gone = [.. known.Where(entry => !all.Contains(entry))];
        Assert.True(more.Length == 0, $"{rule}\n{string.Join('\n', more)}");
        Assert.True(gone.Length == 0, $"These are put right; take them out of Known/{list}.txt:\n{string.Join('\n', gone)}");
    }
}
