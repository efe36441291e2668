using Darkroom.Engine.Artifacts;

namespace Darkroom.Storage.Tests.Contract;

/// <summary>How the contract's tests of pictures get their stores: each adapter writes one of these, and a line for each group of tests.</summary>
public interface IPicturesUnderTest : IDisposable
{
    /// <summary>Whether what is stored is there for the next process.</summary>
    bool OutlivesProcess { get; }

    /// <summary>A store of pictures; opened again, it is the next process's, with what the one before left where it outlives that.</summary>
    IArtifactStore OpenPictures(long capacityBytes, TimeProvider time);

    /// <summary>A store of sent files, likewise.</summary>
    IInputStore OpenInputs(TimeProvider time);
}
