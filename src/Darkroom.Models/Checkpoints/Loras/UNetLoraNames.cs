using Darkroom.Models.Checkpoints.Names;

namespace Darkroom.Models.Checkpoints.Loras;

/// <summary>Layers of a U-Net by their names in LDM and SGM, which kohya's scripts use for SDXL.</summary>
internal static class UNetLoraNames
{
    /// <param name="layers">diffusers' names of all layers.</param>
    public static IEnumerable<(string Name, LoraTarget[] Targets)> Of(IReadOnlyDictionary<string, PartLayer> layers)
    {
        const string First = "down_blocks.0.resnets.";
        int resnets = layers.Keys.Count(static name => name.StartsWith(First, StringComparison.Ordinal) && name.EndsWith(".conv1", StringComparison.Ordinal));
        foreach (var (layer, size) in layers)
            foreach (bool third in (bool[])[true, false]) // no other layer has the name that an upsampler has not
                if (UNetNames.NameOf(layer + ".weight", resnets, _ => third) is { } name)
                    yield return (name[..^".weight".Length], [new("", layer, 0, 0, size.Rows)]);
    }
}
