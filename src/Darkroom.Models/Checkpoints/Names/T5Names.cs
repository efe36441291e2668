using Darkroom.Models.Files.Safetensors;
using Darkroom.Models.Networks;

namespace Darkroom.Models.Checkpoints.Names;

/// <summary>T5's encoder under transformers' own names behind a prefix; some files have its table of tokens under its second name alone.</summary>
/// <param name="file">The file.</param>
/// <param name="prefix">Before each of its names.</param>
internal sealed class T5Names(SafetensorsFile file, string prefix) : IWeights
{
    private const string Table = "shared.weight", SecondTable = "encoder.embed_tokens.weight";

    private readonly PartTensors tensors = new(file, prefix);

    public StoredTensor? Find(string name) => tensors.Find(name) ?? (name == Table ? tensors.Find(SecondTable) : null);
}
