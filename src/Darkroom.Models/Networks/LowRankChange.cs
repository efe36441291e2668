using Darkroom.Models.Files.Safetensors;

namespace Darkroom.Models.Networks;

/// <summary>A change of a weight by the product of two small ones: W + scale · up · down, as a LoRA has it.</summary>
/// <param name="Up">[out, r], or [out, r, 1, 1].</param>
/// <param name="Down">[r, in], or [r, in, k, k] for a convolution.</param>
/// <param name="Scale">How much of it is wanted, times alpha / r where the file has an alpha.</param>
/// <remarks>Hu and others, LoRA: low-rank adaptation of large language models, 4.1.</remarks>
internal sealed record LowRankChange(StoredTensor Up, StoredTensor Down, float Scale);
