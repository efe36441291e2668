using Darkroom.Models.Checkpoints.Names;

namespace Darkroom.Models.Checkpoints.Loras;

/// <summary>
/// Layers of a transformer by their names in its authors' code, which kohya's scripts and ComfyUI use. Some are several of diffusers' layers, one below the
/// other.
/// </summary>
internal static class TransformerLoraNames
{
    /// <summary>A layer that only Stable Diffusion 3 has.</summary>
    private const string Patches = "pos_embed.proj";

    /// <param name="layers">diffusers' layers.</param>
    public static IEnumerable<(string Name, LoraTarget[] Targets)> Of(IReadOnlyDictionary<string, PartLayer> layers)
    {
        var names = layers.ContainsKey(Patches) ? StableDiffusion3Names.All : FluxNames.All;
        foreach (var one in names.Outer)
            if (Stack(layers, "", one.Ours) is { } targets) yield return (one.Theirs, targets);
        foreach (var list in names.Lists)
            for (int block = 0, found = 1; found > 0; block++)
            {
                found = 0;
                foreach (var one in list.Layers)
                {
                    if (Stack(layers, $"{list.Ours}.{block}.", one.Ours) is not { } targets) continue;
                    found++;
                    yield return ($"{list.Theirs}.{block}.{one.Theirs}", targets);
                }
            }
    }

    private static LoraTarget[]? Stack(IReadOnlyDictionary<string, PartLayer> layers, string block, IReadOnlyList<string> names)
    {
        var targets = new List<LoraTarget>();
        long from = 0;
        foreach (string name in names)
        {
            if (!layers.TryGetValue(block + name, out var layer)) return null;
            if (TransformerNames.IsSwapped(block + name, layer.Rows, layer.Columns))
            {
                long half = layer.Rows / 2;
                return [new("", block + name, 0, half, half), new("", block + name, half, 0, half)];
            }
            targets.Add(new("", block + name, from, 0, layer.Rows));
            from += layer.Rows;
        }
        return [.. targets];
    }
}
