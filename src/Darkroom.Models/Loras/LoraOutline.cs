using Darkroom.Models.Checkpoints.Loras;
using Darkroom.Models.Checkpoints.Loras.Formulas;
using Darkroom.Models.Files;

namespace Darkroom.Models.Loras;

/// <summary>Describes a LoRA from its file's header.</summary>
internal static class LoraOutline
{
    private const int MaxTitle = 200;

    public static LoraDescription Of(string id, FileInfo info)
    {
        var blank = new LoraDescription { Id = id, Title = id, Bytes = info.Length, Created = info.LastWriteTimeUtc };
        try
        {
            return Describe(blank, LoraFile.Read(info.FullName));
        }
        catch (InvalidDataException e)
        {
            return blank with { Fault = $"it {e.Message}" };
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return blank with { Fault = "it cannot be read: " + FileFault.PlainReason(e) };
        }
    }

    private static LoraDescription Describe(LoraDescription blank, LoraFile file)
    {
        int? width = (int?)file.Layers
            .Where(layer => layer.Name.EndsWith("attn2_to_k", StringComparison.Ordinal) || layer.Name.EndsWith("attn2.to_k", StringComparison.Ordinal))
            .Select(LoraFormula.Of).FirstOrDefault()?.Columns;
        string title = file.File.Metadata.GetValueOrDefault("modelspec.title") ?? file.File.Metadata.GetValueOrDefault("ss_output_name") ?? "";
        return blank with
        {
            Title = title.Trim() is { Length: > 0 and <= MaxTitle } given ? given : blank.Title,
            Kinds = [.. file.Layers.SelectMany(KindsOf).Distinct().Order(StringComparer.Ordinal)],
            Layers = file.Layers.Count,
            Rank = file.Layers.Select(RankOf).OfType<int>().GroupBy(rank => rank).OrderByDescending(same => same.Count()).FirstOrDefault()?.Key,
            TextWidth = width,
            Base = file.Layers.Any(layer => IsOfFlux(layer.Name)) ? "flux"
                : file.Layers.Any(static layer => layer.Name.Contains("joint_blocks", StringComparison.Ordinal)) ? "stable-diffusion-3" : width switch
            {
                768 => "stable-diffusion-1",
                1024 => "stable-diffusion-2",
                2048 => "stable-diffusion-xl",
                _ => null,
            },
        };
    }

    private static bool IsOfFlux(string name) => name.Contains("double_blocks", StringComparison.Ordinal)
        || name.Contains("single_blocks", StringComparison.Ordinal) || name.Contains("single_transformer_blocks", StringComparison.Ordinal);

    private static IEnumerable<string> KindsOf(LoraLayer layer)
    {
        if (layer.Find(LoraRole.Magnitude) is not null) yield return "dora";
        yield return layer.Find(LoraRole.Difference) is not null || layer.Find(LoraRole.BiasDifference) is not null ? "full"
            : layer.Find(LoraRole.Hada1A) is not null ? "loha" : layer.Find(LoraRole.Up) is not null ? "lora" : "lokr";
    }

    private static int? RankOf(LoraLayer layer) =>
        (layer.Find(LoraRole.Down) ?? layer.Find(LoraRole.Hada1B) ?? layer.Find(LoraRole.Lokr2B) ?? layer.Find(LoraRole.Lokr1B)) is { } down
            ? (int)down.Shape[0] : null;
}
