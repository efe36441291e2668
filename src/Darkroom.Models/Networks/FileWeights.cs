using Darkroom.Models.Files.Safetensors;

namespace Darkroom.Models.Networks;

/// <summary>Weights of one network in files that use its modules' own names: a part's folder as diffusers writes it, in one file or in several.</summary>
/// <param name="files">The files; of a name in two of them, the first file's counts.</param>
internal sealed class FileWeights(params IReadOnlyList<SafetensorsFile> files) : IWeights
{
    // Attention of autoencoders, as diffusers named it until 2023: files of then are still in use.
    private static readonly (string Now, string Then)[] OldNames =
        [(".to_q.", ".query."), (".to_k.", ".key."), (".to_v.", ".value."), (".to_out.0.", ".proj_attn.")];

    public StoredTensor? Find(string name)
    {
        if (InFiles(name) is { } found) return found;
        foreach (var (now, then) in OldNames)
            if (name.Contains(now, StringComparison.Ordinal)) return InFiles(name.Replace(now, then, StringComparison.Ordinal));
        return null;
    }

    private StoredTensor? InFiles(string name)
    {
        foreach (var file in files)
            if (file.Tensors.TryGetValue(name, out var tensor)) return tensor;
        return null;
    }
}
