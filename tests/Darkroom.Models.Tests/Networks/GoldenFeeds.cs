using System.Text.Json;
using Darkroom.TestKit;

namespace Darkroom.Models.Tests.Networks;

/// <summary>What a case's denoiser was given at its first call.</summary>
internal static class GoldenFeeds
{
    private const string Call = "denoiser_0.";

    /// <param name="golden">The case's tensors.</param>
    /// <param name="json">The case; what is the same in many is in another file, under the keys of its <c>embeds</c>.</param>
    /// <param name="embeds">That file.</param>
    public static Dictionary<string, Feed> Of(TensorFile golden, JsonElement json, TensorFile embeds)
    {
        var feeds = new Dictionary<string, Feed>();
        foreach (string name in golden.Names.Where(name => name.StartsWith(Call, StringComparison.Ordinal) && name != Call + "output"))
            Add(name[Call.Length..], golden[name]);
        foreach (var entry in json.GetProperty("embeds").EnumerateObject())
            if (entry.Value.ValueKind == JsonValueKind.String) Add(entry.Name, embeds[entry.Value.GetString()!]);
        long rows = feeds.First(feed => feed.Key is "sample" or "hidden_states").Value.Shape[0];
        if (feeds["timestep"].Values is [var one]) feeds["timestep"] = Feed.Of([.. Enumerable.Repeat(one, (int)rows)]);
        return feeds;

        void Add(string name, GoldenTensor tensor) =>
            feeds[name[(name.LastIndexOf('.') + 1)..]] = new([.. tensor.Shape.Select(side => (long)side)], tensor.Values);
    }
}
