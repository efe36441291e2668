namespace Darkroom.Models.Text;

/// <summary>One row's values for a graph input, by the input's name.</summary>
/// <param name="Input">The denoiser's input that takes it.</param>
/// <param name="Shape">Axes of one row, without the batch axis.</param>
/// <param name="Values">Row-major.</param>
public sealed record NamedTensor(string Input, IReadOnlyList<int> Shape, float[] Values);
