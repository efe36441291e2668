using Darkroom.Models.ControlNets;

namespace Darkroom.Server.Tests.Scripted;

/// <summary>A ControlNet for the scripted models, some for others, and one that is broken.</summary>
internal sealed class ScriptedControlNets : IControlNetDirectory
{
    public IReadOnlyList<ControlNetDescription> All { get; } =
    [
        new() { Id = "broken", Fault = "broken/model.onnx: the file is missing" },
        new() { Id = "edges", TextWidth = 32 },
        new() { Id = "large", Base = "stable-diffusion-xl", TextWidth = 2048 },
        new() { Id = "textless", Base = "stable-diffusion-xl" },
        new() { Id = "wide", TextWidth = 768 },
    ];

    public ControlNetDescription? Find(string id) => All.FirstOrDefault(one => one.Id == id);
}
