using Darkroom.Models.Catalog;
using Darkroom.Models.Fields;

namespace Darkroom.Engine.Estimates;

/// <summary>What a picture takes beside a model's weights, for people who choose a size or a machine: the estimate that requests are admitted by.</summary>
public static class CanvasMemory
{
    /// <summary>
    /// Sizes worth telling: the model's own, one and a half and twice of it, and its largest; squares, in pixels of a side, from the smallest. A model that
    /// takes one size alone has that.
    /// </summary>
    public static IReadOnlyList<PixelSize> SizesOf(ModelDescription model)
    {
        ArgumentNullException.ThrowIfNull(model);
        if (model.FixedSize is { } only) return [only];
        int step = Math.Max(1, model.SizeStep);
        return [.. ((int[])[model.NativeSize, model.NativeSize * 3 / 2, model.NativeSize * 2, model.MaxSize])
            .Select(side => Math.Min(side, model.MaxSize) / step * step).Where(side => side > 0).Distinct().Order().Select(side => new PixelSize(side, side))];
    }

    /// <summary>
    /// Bytes of the call for one picture that leaves the least, with a prompt of one chunk, guided where the model's defaults say so; and what there is for it
    /// once the part that is called is in memory.
    /// </summary>
    public static (long Bytes, long Available) NeedOf(EngineOptions options, ModelDescription model, PixelSize size)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(options);
        bool embeds = model.Capabilities.EmbedsGuidance;
        double guidance = model.Defaults.Find(FieldTable.GuidanceScale) is double own ? own : 2;
        int lanes = model.ReadsText && !embeds && guidance > 1 ? 2 : 1;
        var need = MemoryEstimate.NeedOf(model, size.Width, size.Height, new TextLoad(lanes, lanes, model.TokenLength), options);
        return (need.Bytes, need.Available);
    }
}
