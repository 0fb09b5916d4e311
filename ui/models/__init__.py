"""Table models over big data: ids and lazily loaded pages of rows."""
