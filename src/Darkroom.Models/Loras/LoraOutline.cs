using Darkroom.Models.Catalog;
using Darkroom.Models.Checkpoints.Loras;
using Darkroom.Models.Checkpoints.Loras.Formulas;
using Darkroom.Models.Fields;
using Darkroom.Models.Files;

namespace Darkroom.Models.Loras;

/// <summary>Describes a LoRA from its file's header.</summary>
internal static class LoraOutline
{
    private const int MaxTitle = 200;

    public static LoraDescription Of(string id, FileInfo info)
    {
        var blank = new LoraDescription { Id = id, Title = id, Bytes = info.Length, Created = info.LastWriteTimeUtc };
        var faults = new FaultList();
        try
        {
            var file = LoraFile.Read(info.FullName);
            var (defaults, from) = DefaultsOf(info, file, faults);
            return Describe(blank, file) with { Defaults = defaults ?? new(), DefaultsFrom = from, Fault = faults.ToString() };
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

    /// <summary>Of its card; else of a method that its metadata names, or its name.</summary>
    private static (ModelDefaults? Defaults, string? From) DefaultsOf(FileInfo info, LoraFile file, FaultList faults)
    {
        if (LoraCard.Read(info.FullName, faults) is { } card) return (card.WithScheduleOfSampler(), "its darkroom.json");
        if (LowStepMethods.OfMetadata(file.File.Metadata) is { } noted) return (noted, "its metadata");
        return LowStepMethods.OfText(Path.GetFileNameWithoutExtension(info.Name)) is { } named ? (named, "its name") : default;
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
