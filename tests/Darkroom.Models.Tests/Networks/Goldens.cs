using System.Text.Json;
using Darkroom.Models.Graphs.Writing;
using Darkroom.Models.Sessions;
using Darkroom.TestKit;

namespace Darkroom.Models.Tests.Networks;

/// <summary>The first call of each of a family's cases, as diffusers made it.</summary>
internal static class Goldens
{
    private const double Tolerance = 1e-5;

    /// <summary>Gives the graph what diffusers' network was given, and holds its answer to diffusers'.</summary>
    /// <param name="covers">Whether a case is of these weights; null: all are.</param>
    public static void Check(WrittenGraph written, string family, string output, Func<JsonElement, bool>? covers = null)
    {
        using var graph = OnnxGraph.Load(written, new SessionSettings());
        int cases = 0;
        foreach (var (name, json) in Cases(family))
        {
            if (covers?.Invoke(json) == false) continue;
            var golden = ConformancePack.Tensors("pipelines", family, "cases", name + ".safetensors");
            using var measure = new Measure($"networks/{family}/{written.Part}", name);
            measure.Close("first call", golden["denoiser_0.output"].Values, Twins.Run(graph, FeedsOf(family, json, golden))[output].Values, Tolerance);
            cases++;
        }
        Assert.True(cases > 0);
    }

    public static IEnumerable<(string Name, JsonElement Json)> Cases(string family) =>
        ConformancePack.CaseNames("pipelines", family, "cases").Select(name => (name, ConformancePack.Json("pipelines", family, "cases", name + ".json")));

    /// <summary>What a case's denoiser was given at its first call.</summary>
    public static Dictionary<string, Feed> FeedsOf(string family, JsonElement json, TensorFile golden)
    {
        const string Call = "denoiser_0.";
        var feeds = new Dictionary<string, Feed>();
        foreach (string name in golden.Names.Where(name => name.StartsWith(Call, StringComparison.Ordinal) && name != Call + "output"))
            Add(name[Call.Length..], golden[name]);
        // What is the same in many cases is in a file of its own, under the keys that the case names.
        var keys = json.GetProperty("embeds").EnumerateObject().Where(entry => entry.Value.ValueKind == JsonValueKind.String).ToArray();
        if (keys.Length > 0)
        {
            var embeds = ConformancePack.Tensors("pipelines", family, "cases", "embeds.safetensors");
            foreach (var entry in keys) Add(entry.Name, embeds[entry.Value.GetString()!]);
        }
        long rows = feeds.First(feed => feed.Key is "sample" or "hidden_states").Value.Shape[0];
        if (feeds["timestep"].Values is [var one]) feeds["timestep"] = Feed.Of([.. Enumerable.Repeat(one, (int)rows)]);
        return feeds;

        void Add(string name, GoldenTensor tensor) =>
            feeds[name[(name.LastIndexOf('.') + 1)..]] = new([.. tensor.Shape.Select(side => (long)side)], tensor.Values);
    }
}
