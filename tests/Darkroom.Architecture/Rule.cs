namespace Darkroom.Architecture;

/// <summary>A rule has no exceptions.</summary>
internal static class Rule
{
    /// <param name="rule">The rule, as a sentence for who broke it.</param>
    /// <param name="broken">Where it is broken, and how.</param>
    public static void Holds(string rule, IEnumerable<string> broken)
    {
        string[] all = [.. broken];
        Assert.True(all.Length == 0, $"{rule}\n{string.Join('\n', all)}");
    }
}
