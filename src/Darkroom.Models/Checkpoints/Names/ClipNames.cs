using Darkroom.Models.Files.Safetensors;
using Darkroom.Models.Networks;

namespace Darkroom.Models.Checkpoints.Names;

/// <summary>A CLIP text encoder under transformers' own names behind a prefix; some files leave <c>text_model.</c> out.</summary>
/// <param name="file">The file.</param>
/// <param name="prefix">Before each of its names.</param>
internal sealed class ClipNames(SafetensorsFile file, string prefix) : IWeights
{
    private const string Model = "text_model.";

    private readonly PartTensors tensors = new(file, prefix);

    public StoredTensor? Find(string name) =>
        tensors.Find(name) ?? (name.StartsWith(Model, StringComparison.Ordinal) ? tensors.Find(name[Model.Length..]) : null);
}
