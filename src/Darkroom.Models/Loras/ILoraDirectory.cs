namespace Darkroom.Models.Loras;

/// <summary>The LoRAs a server knows, as far as requests and lists may see them.</summary>
public interface ILoraDirectory
{
    /// <summary>Every LoRA, by id; those with a fault included.</summary>
    IReadOnlyList<LoraDescription> All { get; }

    /// <summary>The LoRA of an id; null for none.</summary>
    LoraDescription? Find(string id);

    /// <summary>SHA-256 of its file, lower-case hex; null where it is not here, or cannot be read. Reads the file where that was not done before.</summary>
    string? HashOf(string id);
}
