using Darkroom.Engine.Artifacts;
using Darkroom.Engine.Queue;
using Darkroom.Storage.Memory;
using Darkroom.Storage.Tests.Contract;

namespace Darkroom.Storage.Tests.Memory;

/// <summary>The stores in memory keep the contract.</summary>
public sealed class MemoryPictures : IPicturesUnderTest
{
    public bool OutlivesProcess => false;

    public IArtifactStore OpenPictures(long capacityBytes, TimeProvider time) => new MemoryArtifactStore(new RandomIds(), capacityBytes, time);

    public IInputStore OpenInputs(TimeProvider time) => new MemoryInputStore(new RandomIds(), new InputMemory(64 << 20), time);

    public void Dispose() { }
}

public sealed class MemoryArtifactTests : ArtifactContract<MemoryPictures>;

public sealed class MemoryCapacityTests : CapacityContract<MemoryPictures>;

public sealed class MemoryInputTests : InputContract<MemoryPictures>;
