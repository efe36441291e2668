namespace Darkroom.Models.Checkpoints.Loras;

/// <summary>A layer of a model, or rows of one, that a layer of a LoRA is added to.</summary>
/// <param name="Part">The model's part.</param>
/// <param name="Weight">The weight, by its module's name.</param>
/// <param name="From">Of the LoRA's rows the first that is for it.</param>
/// <param name="To">Of the weight's rows the first that is changed.</param>
/// <param name="Count">Rows.</param>
internal readonly record struct LoraTarget(string Part, string Weight, long From, long To, long Count);

/// <summary>A layer of a part that can be changed.</summary>
/// <param name="Rows">Of its weight.</param>
/// <param name="Columns">Of its weight: values of a row.</param>
internal readonly record struct PartLayer(long Rows, long Columns)
{
    /// <summary>Values of its weight.</summary>
    public long Size => Rows * Columns;
}
