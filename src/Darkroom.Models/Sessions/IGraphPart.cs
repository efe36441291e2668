namespace Darkroom.Models.Sessions;

/// <summary>What stands for one graph, whatever it makes of it.</summary>
internal interface IGraphPart : IDisposable
{
    OnnxGraph Graph { get; }
}
