using System.Globalization;
using Darkroom.Engine.Jobs;
using Darkroom.Models.Catalog;
using Looks = Darkroom.Server.Generation.Validation.LookFields;

namespace Darkroom.Server.Generation.Validation;

/// <summary>What a model can be asked of a picture.</summary>
internal static class LookRules
{
    /// <summary>Candidates as the model knows them.</summary>
    public static ClassifyOrder? Classify(FieldValues values, ModelDescription model, FaultList faults)
    {
        if (values.TryGet(Looks.Timesteps, out var timesteps) && timesteps.Max() is var last && last >= TimestepsOf(model))
            faults.Add(
                Looks.Timesteps, $"timesteps has {last}, and model '{model.Id}' was trained at 0…{TimestepsOf(model) - 1}.", values.JsonOf(Looks.Timesteps),
                $"0…{TimestepsOf(model) - 1}");
        if (!values.TryGet(Looks.Candidates, out var candidates)) return null;
        if (model.ReadsText) return new(candidates, false, timesteps);
        if (model.Classes is not { } classes) return null; // it has no such task either, which is told
        for (var index = 0; index < candidates.Count; index++)
            if (!int.TryParse(candidates[index], NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number >= classes)
                faults.Add(new Fault($"{Looks.Candidates.Name}.{index}", $"Model '{model.Id}' knows classes by their number alone.",
                    GivenValue.Shorten(candidates[index]), $"0…{classes - 1}"));
        return new(candidates, true, timesteps);
    }

    /// <summary>Layers as far as the model's are known, and the timestep that they are read at.</summary>
    public static FeaturesOrder? Features(FieldValues values, ModelDescription model, FaultList faults)
    {
        var timestep = (int)Math.Min(values.Resolve(Looks.Timestep, NoDefaults), int.MaxValue);
        var last = TimestepsOf(model) - 1;
        if (!values.TryGet(Looks.Timestep, out _)) timestep = Math.Min(timestep, last);
        else if (timestep > last)
            faults.Add(Looks.Timestep, $"timestep must be at most {last} for model '{model.Id}', which was trained at 0…{last}.",
                values.JsonOf(Looks.Timestep), $"0…{last}");
        if (values.TryGet(Looks.Layers, out var layers)) return new(timestep, layers);
        if (MiddleOf(model) is { } middle) return new(timestep, [middle]);
        faults.Add(Looks.Layers, $"layers is required: model '{model.Id}' was not opened yet, and its middle is not known.", null, Looks.Layers.Limit);
        return null;
    }

    /// <summary>The middle of a network: of a U-Net its middle block, of a transformer the block in the middle of all.</summary>
    private static string? MiddleOf(ModelDescription model)
    {
        const string middle = "mid_block";
        if (model.Capabilities.Layers is not { } layers) return model.Parts.Any(part => part.Name == "unet") ? middle : null;
        if (layers.Contains(middle)) return middle;
        string[] blocks = [.. layers.Where(layer => layer.Contains("transformer_blocks.", StringComparison.Ordinal) && char.IsAsciiDigit(layer[^1])
            && layer.Count(static sign => sign == '.') == 1)];
        return blocks.Length > 0 ? blocks[blocks.Length / 2] : layers.Count > 0 ? layers[layers.Count / 2] : null;
    }

    private static readonly ModelDescription NoDefaults = new() { Id = "", Title = "" };

    private static int TimestepsOf(ModelDescription model) => model.SamplerConfig.TrainedBetas?.Length ?? model.SamplerConfig.NumTrainTimesteps ?? 1000;
}
