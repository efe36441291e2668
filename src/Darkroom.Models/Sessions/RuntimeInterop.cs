using System.Runtime.InteropServices;
using Darkroom.Models.Graphs.Writing;
using Microsoft.ML.OnnxRuntime;

namespace Darkroom.Models.Sessions;

/// <summary>
/// The few functions of ONNX Runtime's C interface that its C# package leaves out: an arena of more than 4 GiB, what an allocator holds, and weights in
/// memory. The table of functions only ever grows (<c>onnxruntime_c_api.h</c>), so a place in it means the same function in every later version.
/// </summary>
internal static class RuntimeInterop
{
    /// <summary>The version in which the last of these functions came.</summary>
    private const uint Version = 23;

    private const int GetErrorMessage = 2, CreateTensorWithDataAsOrtValue = 49, AllocatorAlloc = 75, AllocatorFree = 76, ReleaseStatus = 93,
        ReleaseValue = 96, CreateAndRegisterAllocator = 144, ReleaseArenaCfg = 157, CreateArenaCfgV2 = 164, AddExternalInitializers = 210,
        AddExternalInitializersFromFilesInMemory = 279, GetKeyValue = 297, ReleaseKeyValuePairs = 300, AllocatorGetStats = 319;

    private static readonly Lazy<Functions> Table = new(static () => new Functions());

    private static readonly nint InUseKey = Marshal.StringToCoTaskMemUTF8("InUse"), HeldKey = Marshal.StringToCoTaskMemUTF8("TotalAllocated"),
        PeakKey = Marshal.StringToCoTaskMemUTF8("MaxInUse");

    private delegate nint TwoCall(nint one, out nint result);
    private delegate nint ThreeCall(nint one, nint two, nint three);
    private delegate nint AllocateCall(nint allocator, nuint bytes, out nint memory);
    private delegate nint ArenaCall(nint[] keys, nuint[] values, nuint count, out nint result);
    private delegate nint FilesCall(nint options, nint[] names, nint[] buffers, nuint[] lengths, nuint count);
    private delegate nint TensorCall(nint info, nint data, nuint bytes, long[] shape, nuint sides, int element, out nint value);
    private delegate nint TensorsCall(nint options, nint[] names, nint[] values, nuint count);
    private delegate nint FreeCall(nint allocator, nint memory);
    private delegate nint TextCall(nint one, nint key);
    private delegate nint MessageCall(nint status);
    private delegate void ReleaseCall(nint one);

    /// <summary>Has every session that asks for the environment's allocators share an arena that never holds more.</summary>
    /// <exception cref="GraphException">There is one already, or the runtime refuses.</exception>
    public static void RegisterArena(OrtMemoryInfo place, long maxBytes)
    {
        // Regions as large as what is asked for: by powers of two a third of the limit would be air.
        string[] names = ["max_mem", "arena_extend_strategy", "initial_chunk_size_bytes", "max_dead_bytes_per_chunk"];
        nuint[] values = [(nuint)maxBytes, 1, 1 << 20, 128 << 20];
        nint[] keys = Array.ConvertAll(names, Marshal.StringToCoTaskMemUTF8);
        nint config = 0;
        try
        {
            Check(Table.Value.CreateArena(keys, values, (nuint)keys.Length, out config));
            Check(Table.Value.Register(OrtEnv.Instance().DangerousGetHandle(), place.DangerousGetHandle(), config));
        }
        finally
        {
            if (config != 0) Table.Value.ReleaseArena(config);
            Array.ForEach(keys, Marshal.FreeCoTaskMem);
        }
    }

    /// <summary>
    /// Has a session find the weights that its graph says are in files in memory, all of them. The memory must stay until the session is open, and as long as
    /// the session where it is to compute with that very memory.
    /// </summary>
    /// <exception cref="GraphException">The runtime refuses.</exception>
    public static void AddWeights(SessionOptions options, IReadOnlyList<WeightPlace> places)
    {
        nint[] names = [.. places.Select(place => Marshal.StringToCoTaskMemUTF8(place.Name))];
        try
        {
            Check(Table.Value.AddFiles(options.DangerousGetHandle(), names, [.. places.Select(place => place.Address)],
                [.. places.Select(place => (nuint)place.Bytes)], (nuint)names.Length));
        }
        finally
        {
            Array.ForEach(names, Marshal.FreeCoTaskMem);
        }
    }

    /// <summary>
    /// Has a session copy some of its graph's weights from memory, before anything is made of them, in place of what the graph says is in files.
    /// </summary>
    /// <param name="weights">By the names of tensors in the graph.</param>
    /// <param name="places">Where they are.</param>
    /// <exception cref="GraphException">The runtime refuses.</exception>
    public static void AddTensors(SessionOptions options, IReadOnlyList<PlacedWeight> weights, IReadOnlyList<WeightPlace> places)
    {
        var pieces = weights.SelectMany(weight => weight.Pieces).ToDictionary(piece => piece.Name, StringComparer.Ordinal);
        nint[] names = [.. places.Select(place => Marshal.StringToCoTaskMemUTF8(place.Name))];
        nint[] tensors = new nint[names.Length];
        var table = Table.Value;
        try
        {
            for (int i = 0; i < tensors.Length; i++)
            {
                var piece = pieces[places[i].Name];
                Check(table.CreateTensor(OrtMemoryInfo.DefaultInstance.DangerousGetHandle(), places[i].Address, (nuint)places[i].Bytes, [.. piece.Sides],
                    (nuint)piece.Sides.Count, piece.Element, out tensors[i]));
            }
            Check(table.AddTensors(options.DangerousGetHandle(), names, tensors, (nuint)names.Length));
        }
        finally
        {
            Array.ForEach(names, Marshal.FreeCoTaskMem);
            foreach (nint tensor in tensors)
                if (tensor != 0) table.ReleaseTensor(tensor); // the options hold on to it
        }
    }

    /// <summary>What an allocator has from the system, what of it is in use, and the most that ever was. Nothing is allocated for it here.</summary>
    public static ArenaState StateOf(OrtAllocator allocator)
    {
        var table = Table.Value;
        Check(table.Stats(allocator.DangerousGetHandle(), out nint pairs));
        var state = new ArenaState(Number(table.Value(pairs, HeldKey)), Number(table.Value(pairs, InUseKey)), Number(table.Value(pairs, PeakKey)));
        table.ReleasePairs(pairs);
        return state;
    }

    /// <summary>Takes memory of an allocator and gives it back at once: an arena then has so much in one piece.</summary>
    /// <returns>Whether it had, or got, that much.</returns>
    public static bool TryTake(OrtAllocator allocator, long bytes)
    {
        var table = Table.Value;
        nint status = table.Allocate(allocator.DangerousGetHandle(), (nuint)bytes, out nint memory);
        if (status == 0) status = table.Free(allocator.DangerousGetHandle(), memory);
        if (status == 0) return true;
        table.Release(status);
        return false;
    }

    private static long Number(nint text)
    {
        long number = 0;
        for (int i = 0; text != 0 && Marshal.ReadByte(text, i) is >= (byte)'0' and <= (byte)'9' and var digit; i++) number = 10 * number + digit - '0';
        return number;
    }

    private static void Check(nint status)
    {
        if (status == 0) return;
        string message = Marshal.PtrToStringUTF8(Table.Value.Message(status)) ?? "";
        Table.Value.Release(status);
        throw new GraphException($"ONNX Runtime: {message}");
    }

    [DllImport("onnxruntime")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories | DllImportSearchPath.AssemblyDirectory)]
    private static extern nint OrtGetApiBase();

    private sealed class Functions
    {
        private readonly nint table;

        public Functions()
        {
            _ = OrtEnv.Instance(); // so that the library is found as the package finds it
            table = Marshal.GetDelegateForFunctionPointer<GetApiCall>(Marshal.ReadIntPtr(OrtGetApiBase()))(Version);
            (CreateArena, ReleaseArena) = (Of<ArenaCall>(CreateArenaCfgV2), Of<ReleaseCall>(ReleaseArenaCfg));
            (Register, AddFiles) = (Of<ThreeCall>(CreateAndRegisterAllocator), Of<FilesCall>(AddExternalInitializersFromFilesInMemory));
            (CreateTensor, AddTensors) = (Of<TensorCall>(CreateTensorWithDataAsOrtValue), Of<TensorsCall>(AddExternalInitializers));
            ReleaseTensor = Of<ReleaseCall>(ReleaseValue);
            (Stats, Value, ReleasePairs) = (Of<TwoCall>(AllocatorGetStats), Of<TextCall>(GetKeyValue), Of<ReleaseCall>(ReleaseKeyValuePairs));
            (Allocate, Free) = (Of<AllocateCall>(AllocatorAlloc), Of<FreeCall>(AllocatorFree));
            (Message, Release) = (Of<MessageCall>(GetErrorMessage), Of<ReleaseCall>(ReleaseStatus));
        }

        private delegate nint GetApiCall(uint version);

        public ArenaCall CreateArena { get; }
        public ThreeCall Register { get; }
        public FilesCall AddFiles { get; }
        public TensorCall CreateTensor { get; }
        public TensorsCall AddTensors { get; }
        public ReleaseCall ReleaseTensor { get; }
        public ReleaseCall ReleaseArena { get; }
        public TwoCall Stats { get; }
        public TextCall Value { get; }
        public ReleaseCall ReleasePairs { get; }
        public AllocateCall Allocate { get; }
        public FreeCall Free { get; }
        public MessageCall Message { get; }
        public ReleaseCall Release { get; }

        private T Of<T>(int place) where T : Delegate => Marshal.GetDelegateForFunctionPointer<T>(Marshal.ReadIntPtr(table, place * nint.Size));
    }
}
