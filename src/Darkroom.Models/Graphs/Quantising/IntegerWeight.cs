using Darkroom.Models.Graphs.Writing;

namespace Darkroom.Models.Graphs.Quantising;

/// <summary>A weight of whole numbers, as operators of integer products take it.</summary>
/// <param name="Values">The name of its numbers, [in, out].</param>
/// <param name="Zero">The name of what stands for zero among them; empty: 0.</param>
internal readonly record struct IntegerWeight(string Values, string Zero)
{
    /// <summary>The name of its scales, [out].</summary>
    public string Scales => Values + PlacedWeight.ScaleEnd;
}
