using Darkroom.Engine.Jobs;

namespace Darkroom.Engine.Queue;

/// <summary>Which jobs a process can make, where several share a queue.</summary>
public interface IClaimCheck
{
    /// <summary>Ids of the models and upscalers that it has.</summary>
    IReadOnlyCollection<string> Models { get; }

    /// <summary>Whether it has all that a job needs, and memory for it.</summary>
    bool CanMake(Job job);
}
