using Darkroom.Models.Fields;

namespace Darkroom.Server.Generation.Validation;

/// <summary>The binding of each row of the table of fields.</summary>
internal static class FieldBindings
{
    private static readonly Dictionary<FieldInfo, Field> ByRow =
        GenerationFields.All.Concat(NoiseFields.All).Concat(EditFields.All).Concat(UpscaleFields.All).Concat(LookFields.All).ToDictionary(field => field.Info);

    public static Field Of(FieldInfo row) => ByRow[row];
}
