namespace Darkroom.Models.Graphs.Observing;

/// <summary>Names of layers that are like one that there is not.</summary>
internal static class LayerNames
{
    /// <summary>Those with the longest common beginning and end first.</summary>
    public static IEnumerable<string> Nearest(string name, IEnumerable<string> layers, int count)
    {
        ArgumentNullException.ThrowIfNull(name);
        return layers.OrderByDescending(layer => Shared(name, layer)).ThenBy(layer => Math.Abs(layer.Length - name.Length)).Take(count);
    }

    private static int Shared(string one, string other)
    {
        int start = 0, end = 0, most = Math.Min(one.Length, other.Length);
        while (start < most && one[start] == other[start]) start++;
        while (end < most - start && one[^(end + 1)] == other[^(end + 1)]) end++;
        return start + end;
    }
}
