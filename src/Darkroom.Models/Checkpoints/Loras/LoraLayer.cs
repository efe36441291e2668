using Darkroom.Models.Files.Safetensors;

namespace Darkroom.Models.Checkpoints.Loras;

/// <summary>The tensors of a LoRA that belong to one layer.</summary>
/// <param name="Name">The layer's, as the file has it.</param>
/// <param name="Tensors">Its tensors.</param>
internal sealed record LoraLayer(string Name, IReadOnlyDictionary<LoraRole, StoredTensor> Tensors)
{
    /// <summary>What the file's writer noted of all its layers; null: nothing.</summary>
    public AdapterConfig? Config { get; init; }

    public StoredTensor? Find(LoraRole role) => Tensors.GetValueOrDefault(role);

    /// <exception cref="InvalidDataException">It is not there.</exception>
    public StoredTensor Get(LoraRole role) => Find(role) ?? throw Fault($"has no {role switch
    {
        LoraRole.Down => "down (A) matrix",
        LoraRole.Up => "up (B) matrix",
        _ => role.ToString(),
    }}");

    /// <summary>What is wrong with it, to stand behind the file's name.</summary>
    public InvalidDataException Fault(string reason) => new($"has a layer '{(Name.Length <= 120 ? Name : Name[..120] + "…")}' that {reason}");
}
