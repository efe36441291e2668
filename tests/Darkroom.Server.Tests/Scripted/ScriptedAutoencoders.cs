using Darkroom.Models.Autoencoders;

namespace Darkroom.Server.Tests.Scripted;

/// <summary>An autoencoder for the scripted models, and some that cannot be used with them.</summary>
internal sealed class ScriptedAutoencoders : IAutoencoderDirectory
{
    public const string Hash = "ffeeddccbbaa99887766554433221100ffeeddccbbaa99887766554433221100";

    public IReadOnlyList<AutoencoderDescription> All { get; } =
    [
        new() { Id = "broken", Fault = "broken.safetensors: is cut off" },
        new() { Id = "coarse", Channels = 4, Factor = 16, Encodes = true },
        new() { Id = "fine", Channels = 4, Factor = 8, Encodes = true, Bytes = 335, Scale = new() { ScalingFactor = 0.18215 } },
        new() { Id = "fixed", Channels = 4, Factor = 8, Encodes = true, FixedSize = new(96, 96) },
        new() { Id = "half", Channels = 4, Factor = 8 },
        new() { Id = "sixteen", Channels = 16, Factor = 8, Encodes = true },
    ];

    public AutoencoderDescription? Find(string id) => All.FirstOrDefault(one => one.Id == id);

    public string? HashOf(string id) => Find(id) is null ? null : Hash;
}
