"""What the browser gets, without Streamlit: the types of what a canvas shows, its modules and its runtime."""
