using Darkroom.Models.Loras;

namespace Darkroom.Server.Tests.Scripted;

/// <summary>A LoRA for the scripted models, one for others, and one that is broken.</summary>
internal sealed class ScriptedLoras : ILoraDirectory
{
    public const string Hash = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";

    public IReadOnlyList<LoraDescription> All { get; } =
    [
        new() { Id = "broken", Title = "broken", Fault = "it is cut off: its header ends at byte 9 of 8" },
        new() { Id = "crayons", Title = "Crayons", Bytes = 1234, Kinds = ["lora"], Layers = 264, Rank = 16, Created = DateTimeOffset.UnixEpoch },
        new() { Id = "large", Title = "large", Kinds = ["lora"], Layers = 722, Rank = 32, Base = "stable-diffusion-xl", TextWidth = 2048 },
    ];

    public LoraDescription? Find(string id) => All.FirstOrDefault(lora => lora.Id == id);

    public string? HashOf(string id) => Find(id) is null ? null : Hash;
}
