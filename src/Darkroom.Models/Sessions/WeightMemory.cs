using System.Collections.Concurrent;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using Darkroom.Models.Files;
using Darkroom.Models.Files.Safetensors;
using Darkroom.Models.Graphs.Writing;
using Microsoft.Win32.SafeHandles;

namespace Darkroom.Models.Sessions;

/// <summary>A written graph's weights in memory, each in the type that the graph computes with. Files are read once, and closed again.</summary>
internal sealed unsafe class WeightMemory : IDisposable
{
    /// <summary>Values that are read and converted at a time: what a core's own cache holds.</summary>
    private const int Chunk = 1 << 16;

    private const nuint Alignment = 4096;

    private void* memory;

    private WeightMemory(long bytes)
    {
        Bytes = Math.Max(1, bytes);
        memory = NativeMemory.AlignedAlloc((nuint)Bytes, Alignment);
    }

    public nint Address => (nint)memory;

    public long Bytes { get; }

    /// <param name="graph">The graph.</param>
    /// <param name="threads">That share the work; 0: one for each core.</param>
    /// <exception cref="GraphException">A file cannot be read, or a weight is no finite number; the message names it.</exception>
    /// <exception cref="OutOfMemoryException">There is no room.</exception>
    public static WeightMemory Read(WrittenGraph graph, int threads)
    {
        var weights = new WeightMemory(graph.Bytes);
        var files = new ConcurrentDictionary<string, Lazy<SafeFileHandle>>(StringComparer.Ordinal);
        try
        {
            // In the order of the file, in pieces that differ little in size, so that no thread is left with the largest weight at the end.
            var pieces = graph.Weights.Values.OrderBy(weight => weight.Tensor.Path, StringComparer.Ordinal).ThenBy(weight => weight.Tensor.Offset)
                .SelectMany(weight => PiecesOf(weight.Tensor).Select(first => (Weight: weight, First: first)));
            var options = new ParallelOptions { MaxDegreeOfParallelism = threads > 0 ? threads : Environment.ProcessorCount };
            Parallel.ForEach(Partitioner.Create(pieces, EnumerablePartitionerOptions.NoBuffering), options, () => new Scratch(), (piece, _, scratch) =>
            {
                var file = files.GetOrAdd(piece.Weight.Tensor.Path, path => new(() => File.OpenHandle(path))).Value;
                if (piece.Weight.Tensor.Changes is []) weights.Fill(piece.Weight, piece.First, file, scratch);
                else weights.FillChanged(piece.Weight, (int)piece.First, file, scratch);
                return scratch;
            }, static _ => { });
            return weights;
        }
        catch (AggregateException e)
        {
            weights.Dispose();
            var first = e.InnerExceptions[0];
            throw first switch
            {
                GraphException => first,
                InvalidDataException => new GraphException($"{graph.Part}: what is merged into it {first.Message}", GraphFault.Misfit, first),
                IOException or UnauthorizedAccessException => new GraphException($"{graph.Part}: its weights cannot be read: {FileFault.PlainReason(first)}",
                    GraphFault.Unavailable, first),
                _ => new GraphException($"{graph.Part}: its weights cannot be read", first),
            };
        }
        finally
        {
            foreach (var file in files.Values)
                if (file.IsValueCreated) file.Value.Dispose();
        }
    }

    public void Dispose()
    {
        NativeMemory.AlignedFree(memory);
        memory = null;
    }

    /// <summary>Where pieces begin: values, or rows of a weight that is changed.</summary>
    private static IEnumerable<long> PiecesOf(StoredTensor tensor)
    {
        bool changes = tensor.Changes is not [];
        long count = changes ? tensor.Shape[0] : tensor.Count, piece = changes ? RowsOf(tensor) : 16 * Chunk;
        for (long first = 0; first < count; first += piece) yield return first;
    }

    /// <summary>Rows that are changed at a time.</summary>
    private static int RowsOf(StoredTensor tensor)
    {
        const int Together = 48; // share what a change has to lay out for each piece
        long rows = tensor.Shape[0], columns = Math.Max(1, tensor.Count / Math.Max(1, rows));
        return (int)Math.Min(rows, Math.Max(Together, 16 * Chunk / columns));
    }

    /// <summary>Some rows with what changes them, summed in float32 whatever they are stored and computed as.</summary>
    private void FillChanged(PlacedWeight weight, int first, SafeFileHandle file, Scratch scratch)
    {
        var tensor = weight.Tensor;
        int rows = (int)Math.Min(RowsOf(tensor), tensor.Shape[0] - first), columns = (int)(tensor.Count / tensor.Shape[0]), size = tensor.Type.SizeOf();
        long start = (long)first * columns;
        int count = checked(rows * columns);
        byte* place = (byte*)memory + weight.Offset + start * OnnxElement.SizeOf(weight.Element, tensor.Type);
        var values = weight.Element == OnnxElement.Float ? new Span<float>(place, count) : GC.AllocateUninitializedArray<float>(count);
        for (int done = 0; done < count; done += Chunk)
        {
            int now = Math.Min(Chunk, count - done);
            var bytes = scratch.Bytes.AsSpan(0, now * size);
            tensor.Read(file, (start + done) * size, bytes);
            StoredValues.ToFloats(tensor.Type, bytes, values.Slice(done, now));
        }
        if (tensor.Scale is { } scale) TensorPrimitives.Multiply(values, scale.ReadFloats()[0], values);
        Check(tensor, values);
        int row = (int)(tensor.FirstRow - tensor.ChangesFrom) + first;
        foreach (var change in tensor.Changes) change.Apply(values, row, columns);
        Check(tensor, values);
        if (weight.Element == OnnxElement.Float16) TensorPrimitives.ConvertToHalf(values, new Span<Half>(place, count));
    }

    private void Fill(PlacedWeight weight, long first, SafeFileHandle file, Scratch scratch)
    {
        var tensor = weight.Tensor;
        long last = Math.Min(tensor.Count, first + 16L * Chunk);
        int size = tensor.Type.SizeOf(), wide = OnnxElement.SizeOf(weight.Element, tensor.Type);
        float? scale = tensor.Scale?.ReadFloats()[0];
        for (; first < last; first += Chunk)
        {
            int count = (int)Math.Min(Chunk, last - first);
            var target = new Span<byte>((byte*)memory + weight.Offset + first * wide, count * wide);
            if (scale is null && OnnxElement.Of(tensor.Type) == weight.Element && weight.Element != OnnxElement.Float16)
            {
                tensor.Read(file, first * size, target);
                if (weight.Element == OnnxElement.Float) Check(tensor, MemoryMarshal.Cast<byte, float>(target));
                continue;
            }
            var bytes = scratch.Bytes.AsSpan(0, count * size);
            tensor.Read(file, first * size, bytes);
            var values = weight.Element == OnnxElement.Float ? MemoryMarshal.Cast<byte, float>(target) : scratch.Values.AsSpan(0, count);
            StoredValues.ToFloats(tensor.Type, bytes, values);
            if (scale is { } factor) TensorPrimitives.Multiply(values, factor, values);
            Check(tensor, values);
            if (weight.Element == OnnxElement.Float16) TensorPrimitives.ConvertToHalf(values, MemoryMarshal.Cast<byte, Half>(target));
        }
    }

    /// <summary>A picture made with such a weight would be no numbers either, and nothing would say why.</summary>
    private static void Check(StoredTensor tensor, ReadOnlySpan<float> values)
    {
        if (!float.IsFinite(TensorPrimitives.MaxMagnitude(values)))
            throw new GraphException($"{Path.GetFileName(tensor.Path)}: weight '{tensor.Name}' has values that are not finite");
    }

    private sealed class Scratch
    {
        public byte[] Bytes { get; } = GC.AllocateUninitializedArray<byte>(Chunk * 8);

        public float[] Values { get; } = GC.AllocateUninitializedArray<float>(Chunk);
    }
}
