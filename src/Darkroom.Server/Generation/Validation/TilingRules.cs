using Darkroom.Engine.Jobs;
using Darkroom.Models.Catalog;
using Darkroom.Models.Graphs;
using Fields = Darkroom.Server.Generation.Validation.GenerationFields;

namespace Darkroom.Server.Generation.Validation;

/// <summary>Along which axes a request's pictures wrap round, and with what that cannot be done.</summary>
internal static class TilingRules
{
    public static WrapAxes Of(FieldValues values, ModelDescription model, PictureEdit? change, FaultList faults)
    {
        if (!values.TryGet(Fields.Tiling, out var asked) || asked is not { } axes || axes == WrapAxes.None
            || !model.Capabilities.ExtraFields.Contains(Fields.Tiling.Name))
            return WrapAxes.None;
        if (values.TryGet(Fields.Controls, out var controls) && controls is { Count: > 0 })
            Refuse("ControlNets do not wrap round: what they add would end at the edges.", "without controls");
        if (change is { Mask.OnlyMasked: true })
            Refuse("A region that is worked on alone has no edges to meet.", "with area whole");
        return axes;

        void Refuse(string sentence, string limit) => faults.Add(Fields.Tiling, sentence, values.JsonOf(Fields.Tiling), limit);
    }

    /// <summary>Says what comes after and knows nothing of it.</summary>
    public static void Warn(GenerationRequest request, List<string> warnings)
    {
        if (request.Tiling != WrapAxes.None && request.Upscale is { } upscale)
            warnings.Add($"tiling: upscaler '{upscale.Model}' does not wrap round, and the edges may show");
    }
}
