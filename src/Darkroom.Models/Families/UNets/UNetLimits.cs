using System.Numerics;
using Darkroom.Models.Catalog;
using Darkroom.Models.Catalog.Parts;
using Darkroom.Models.Files;
using Darkroom.Models.Graphs;

namespace Darkroom.Models.Families.UNets;

/// <summary>
/// What the graphs of a folder fix that others leave free (exports without dynamic axes): rows of a call, the size of the picture, the length of the text.
/// Read from the graphs' inputs; no graph is opened.
/// </summary>
internal static class UNetLimits
{
    private const int High = 2, Wide = 3;

    /// <summary>The one number of rows of a part's calls.</summary>
    public static int? BatchOf(GraphOutline graph) => graph.AxesOf([.. Denoiser.SampleNames, "latent_sample", "input_ids"]) is [var rows, ..] ? rows : null;

    /// <summary>The description with what the graphs allow; sizes that cannot be asked for are never offered.</summary>
    /// <param name="written">Cells of a side that the graph takes which is written for the denoiser; null: any number, or it has a file.</param>
    public static ModelDescription Apply(
        ModelDescription model, UNetTraits traits, FolderLayout layout, IReadOnlyDictionary<string, GraphFile> graphs, DarkroomFile card, FaultList faults,
        int? written = null)
    {
        var size = Size(model, traits, graphs, faults) ?? (written is { } cells ? new(cells * model.LatentFactor, cells * model.LatentFactor) : null);
        int? text = graphs.GetValueOrDefault(traits.Layout.Denoiser)?.Outline.AxesOf("encoder_hidden_states") is [_, { } tokens, ..] ? tokens : null;
        if (traits.T5 is not null) text = CheckFree(layout, traits, text, graphs, faults);
        foreach (string part in layout.TextEncoders.Where(part => part != traits.T5))
        {
            if (graphs.GetValueOrDefault(part)?.Outline.AxesOf("input_ids") is not [_, { } length] || length == model.TokenLength) continue;
            if (length < model.TokenLength) model = model with { TokenLength = length };
            else faults.Add($"{part}/{GraphFile.Name}", $"takes texts of {length} tokens alone, but the tokenizer gives {model.TokenLength} at most");
        }
        if (text % model.TokenLength > 0)
            faults.Add($"{traits.Layout.Denoiser}/{GraphFile.Name}",
                $"takes texts of {text} tokens alone, which is no multiple of the text encoder's {model.TokenLength}");
        model = model with { FixedTextTokens = text, FixedBatch = model.Parts.FirstOrDefault(part => part.Name == traits.Layout.Denoiser)?.FixedBatch };
        if (size is not { } only) return model;
        if (card.MaxSize < Math.Max(only.Width, only.Height)) faults.Add(DarkroomFile.Name, $"max_size: the graphs take {only.Width} x {only.Height} alone");
        return model with
        {
            FixedSize = only,
            NativeSize = Math.Max(only.Width, only.Height),
            MaxSize = Math.Max(only.Width, only.Height),
            SizeStep = (int)BigInteger.GreatestCommonDivisor(only.Width, only.Height),
            // Windows of a canvas are square, or they could not be put beside and above each other.
            Tasks = only.Width == only.Height ? model.Tasks : [.. model.Tasks.Where(task => task != "outpaint")],
        };
    }

    /// <summary>T5's text has the length that a request asks for, so that no graph may fix it.</summary>
    private static int? CheckFree(
        FolderLayout layout, UNetTraits traits, int? text, IReadOnlyDictionary<string, GraphFile> graphs, FaultList faults)
    {
        const string Export = "export it with a free length of text";
        if (text is { } tokens) faults.Add($"{layout.Denoiser}/{GraphFile.Name}", $"takes texts of {tokens} tokens alone; {Export}");
        if (layout.TextEncoders.Contains(traits.T5) && graphs.GetValueOrDefault(traits.T5!)?.Outline.AxesOf("input_ids") is [_, { } ids, ..])
            faults.Add($"{traits.T5}/{GraphFile.Name}", $"takes texts of {ids} tokens alone; {Export}");
        if (graphs.GetValueOrDefault(layout.Denoiser)?.Outline.AxesOf(Denoiser.SampleNames) is [_, { } patches, _])
            faults.Add($"{layout.Denoiser}/{GraphFile.Name}", $"takes {patches} patches alone; export it with a free size");
        return null;
    }

    /// <summary>Parts that fix a size must fix the same one.</summary>
    private static PixelSize? Size(ModelDescription model, UNetTraits traits, IReadOnlyDictionary<string, GraphFile> graphs, FaultList faults)
    {
        (PixelSize Size, string Part)? first = null;
        foreach (string part in (string[])[traits.Layout.Denoiser, FolderLayout.Decoder, FolderLayout.Encoder])
        {
            int cell = part == FolderLayout.Encoder ? 1 : model.LatentFactor;
            if (graphs.GetValueOrDefault(part)?.Outline.AxesOf([.. Denoiser.SampleNames, "latent_sample"]) is not { Count: 4 } axes) continue;
            if (axes[High] is null && axes[Wide] is null) continue;
            // One side alone fixed is as good as both: the free one is asked for at the same length.
            var size = new PixelSize(cell * (axes[Wide] ?? axes[High]!.Value), cell * (axes[High] ?? axes[Wide]!.Value));
            first ??= (size, part);
            var (other, owner) = first.Value;
            if (size == other) continue;
            string reason = $"takes {size.Width} x {size.Height} pixels alone, but {owner}/{GraphFile.Name} takes {other.Width} x {other.Height} alone";
            faults.Add($"{part}/{GraphFile.Name}", reason);
        }
        return first?.Size;
    }
}
