namespace Darkroom.Models.Text;

/// <summary>
/// What a text (and whatever else a family conditions on) became: the denoiser inputs that stay the same at every step of a row.
/// Immutable and shared between rows of the same text.
/// </summary>
public sealed class Conditioning
{
    public Conditioning(IReadOnlyList<NamedTensor> tensors)
    {
        Tensors = tensors;
        Signature = string.Join(' ', tensors.Select(tensor => $"{tensor.Input}[{string.Join(',', tensor.Shape)}]"));
        Bytes = tensors.Sum(tensor => (long)tensor.Values.Length * sizeof(float));
    }

    public IReadOnlyList<NamedTensor> Tensors { get; }

    /// <summary>Names and shapes: rows share a call only where these are equal.</summary>
    public string Signature { get; }

    public long Bytes { get; }

    /// <summary>The tensor for an input; null where this conditioning has none of the name.</summary>
    public NamedTensor? For(string input)
    {
        foreach (var tensor in Tensors)
            if (tensor.Input == input) return tensor;
        return null;
    }
}
