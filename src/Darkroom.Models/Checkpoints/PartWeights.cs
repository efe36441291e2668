using Darkroom.Models.Files.Safetensors;
using Darkroom.Models.Networks;

namespace Darkroom.Models.Checkpoints;

/// <summary>The weights of one part of a model, in files that somebody else wrote and that stay as they are.</summary>
/// <param name="Weights">By the names of the part's modules.</param>
/// <param name="Name">The file as faults name it, relative to the model; of several the first.</param>
/// <param name="Files">Paths of the files.</param>
/// <param name="Tensors">All that belong to the part.</param>
internal sealed record PartWeights(IWeights Weights, string Name, IReadOnlyList<string> Files, IReadOnlyList<StoredTensor> Tensors)
{
    /// <summary>
    /// Bytes that they take in memory as float32, which is what the CPU computes with whatever they are stored as; CUDA takes half of it.
    /// </summary>
    /// <param name="part">The part, or half of an autoencoder: <c>vae_encoder</c>, <c>vae_decoder</c>.</param>
    public long BytesOf(string part) => Tensors.Where(tensor => tensor.Type.IsFloat() && IsOf(part, tensor.Name)).Sum(tensor => tensor.Count * sizeof(float));

    private static bool IsOf(string part, string tensor) => part switch
    {
        "vae_encoder" => tensor.Contains("encoder.", StringComparison.Ordinal)
            || (tensor.Contains("quant_conv.", StringComparison.Ordinal) && !IsPostQuant(tensor)),
        "vae_decoder" => tensor.Contains("decoder.", StringComparison.Ordinal) || IsPostQuant(tensor),
        _ => true,
    };

    private static bool IsPostQuant(string tensor) => tensor.Contains("post_quant_conv.", StringComparison.Ordinal);
}
